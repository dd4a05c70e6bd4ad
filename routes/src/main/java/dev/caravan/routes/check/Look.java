package dev.caravan.routes.check;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * A look at one place, which may take time.
 *
 * @param key what to change if it fails
 * @param look gives what it has found; what it throws is a finding, too
 */
record Look(Finding.Group group, String subject, String key, Callable<List<Finding>> look) {}
