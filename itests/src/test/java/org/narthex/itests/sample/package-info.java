/** Plug-ins as strangers write them: they see nothing but {@code api}. */
package org.narthex.itests.sample;
