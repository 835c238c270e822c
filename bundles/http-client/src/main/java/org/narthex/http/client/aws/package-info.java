/**
 * Requests to Amazon's services: who we are to them, and the signatures that prove it.
 */
package org.narthex.http.client.aws;
