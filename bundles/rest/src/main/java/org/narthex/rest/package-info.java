/** The HTTP API: Jakarta RESTful resources under /api/v1, and plain servlets for what must answer before them. */
package org.narthex.rest;
