/**
 * From a request's body to the argument list of spark-submit: what may be asked, and how it is
 * said.
 *
 * <p>Pure code without processes and files; called once per POST.
 */
package dev.caravan.endpoint.submit;
