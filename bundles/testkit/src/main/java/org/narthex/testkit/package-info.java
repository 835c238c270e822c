/** Contract tests, one abstract class per extension point: extend it, say how your implementation is made, and run it. */
package org.narthex.testkit;
