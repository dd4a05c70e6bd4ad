/**
 * What runs: a pipeline is a YAML file, parsed into records that are known without starting Camel.
 * {@link dev.caravan.processors.pipelines.PipelineParser} refuses all faults of a file at once,
 * each with its line; {@link dev.caravan.processors.pipelines.PipelineFiles} takes edits up.
 */
package dev.caravan.processors.pipelines;
