/** Makes {@code java.util.ServiceLoader} work between bundles: Apache Aries SPI Fly, with a quick look before it takes a class apart. */
package org.narthex.service.loader;
