/** What is done to native histograms on their way in: made of classic ones, made coarser, rid of empty buckets. */
package org.narthex.scrape.histogram;
