/**
 * An S3 server for a laptop and for tests: Adobe's S3Mock, in a process of its own. The cluster,
 * the sample events, the demo and tests come in. The server is only ever reached as S3 is: over
 * HTTP.
 */
package dev.caravan.cloud.s3;
