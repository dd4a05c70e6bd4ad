/**
 * The commands of those who look and steer, and what all commands share: options, dates, tables,
 * exit codes. A command asks a control plane, of a server or over the journal; nothing here starts
 * a Camel context.
 */
package dev.caravan.routes.cli;
