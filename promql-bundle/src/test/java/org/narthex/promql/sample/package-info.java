/** Function packs as their authors write them. */
package org.narthex.promql.sample;
