/**
 * Plug-ins that discover targets with nothing but the JDK, one package for each kind.
 * Kinds that need a library of their own are bundles of their own.
 */
package org.narthex.discovery;
