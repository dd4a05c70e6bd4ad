/**
 * A real S3 server for the tests that write there, and a line to it that can be cut at a chosen
 * request.
 */
package dev.caravan.jobs.s3;
