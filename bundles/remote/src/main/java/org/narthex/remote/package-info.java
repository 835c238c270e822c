/** Receives samples that others push: remote write 1.0 and 2.0. */
package org.narthex.remote;
