/** Discovery of machines of Amazon EC2, {@code ec2_sd_configs}. */
package org.narthex.discovery.cloud.ec2;
