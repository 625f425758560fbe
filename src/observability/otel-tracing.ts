// Traces by OpenTelemetry's own packages, sent as OTLP over HTTP. Nothing else imports them.
import {
  type Attributes,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
} from '@opentelemetry/sdk-trace-base';
import type { BatchFollow } from '../domain/follow.js';
import type { RequestTrace, Tracing } from './tracing.js';

/** Where traces go, and how many. */
export interface OtelOptions {
  /** URL that takes POSTs of OTLP. */
  readonly url: string;
  readonly serviceName: string;
  /** Of requests, 0 to 1. */
  readonly ratio: number;
  /** Whether a caller that brings a sampled trace is traced whatever `ratio` says. One that is not sampled never is. */
  readonly trustCallers: boolean;
}

/** Starts tracing. Names and attributes are OpenTelemetry's conventions; URLs of pages are in none of them. */
export function createOtelTracing(options: OtelOptions, random: () => number): Tracing {
  const { url, serviceName, ratio, trustCallers } = options;
  const share = shareSampler(ratio, random);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new ParentBasedSampler({ root: share, ...(trustCallers ? {} : { remoteParentSampled: share }) }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  const tracer = provider.getTracer('crawlgate');
  const propagator = new W3CTraceContextPropagator();

  const childOf = (parent: Span, name: string, attributes: Attributes, kind = SpanKind.INTERNAL): Span =>
    tracer.startSpan(name, { kind, attributes }, trace.setSpan(ROOT_CONTEXT, parent));

  function batchOf(parent: Span, loader: string, keys: number): BatchFollow<string> {
    const span = childOf(parent, `loader ${loader}`, { 'crawlgate.keys': keys });
    return {
      lookups: (answer, fromMemory, count) =>
        span.addEvent('lookups', { answer, source: fromMemory ? 'memory' : 'store', keys: count }),
      sent(operation, own, all) {
        const attributes = {
          'db.system.name': 'aws.dynamodb',
          'db.operation.name': operation,
          'crawlgate.keys': own.length,
          // Of other requests too: one call carries what is wanted at the time.
          'crawlgate.batch.keys': all,
        };
        const call = childOf(span, operation, attributes, SpanKind.CLIENT);
        return ({ units, error }) => {
          call.setAttribute('aws.dynamodb.consumed_read_units', units);
          if (error !== null) fail(call, error);
          call.end();
        };
      },
      retried: (again) => span.addEvent('retried', { keys: again.length }),
      end: () => span.end(),
    };
  }

  return {
    begin(headers): RequestTrace {
      const caller = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const attributes = { 'http.request.method': 'POST', 'url.path': '/graphql' };
      const root = tracer.startSpan('/graphql', { kind: SpanKind.SERVER, attributes }, caller);
      const { traceId, spanId, traceFlags } = root.spanContext();
      let parent = root;
      return {
        traceparent: `00-${traceId}-${spanId}-0${traceFlags.toString(16)}`,
        operation(name, type) {
          const attributesOfIt = {
            'graphql.operation.type': type,
            ...(name === null ? {} : { 'graphql.operation.name': name }),
          };
          const span = childOf(root, name === null ? type : `${type} ${name}`, attributesOfIt);
          parent = span;
          return (codes) => {
            if (codes.length > 0) fail(span, codes.join(', '));
            span.end();
          };
        },
        batch: (loader, keys) => batchOf(parent, loader, keys),
        end(status) {
          root.setAttribute('http.response.status_code', status);
          if (status >= 500) root.setStatus({ code: SpanStatusCode.ERROR });
          root.end();
        },
      };
    },
    // A collector that is away must not hold up the end of the gateway; what it did not take is lost.
    [Symbol.asyncDispose]: () => provider.shutdown().catch(() => undefined),
  };
}

/** Not OpenTelemetry's sampler by trace id: a caller chooses that, and could choose one that is always traced. */
function shareSampler(ratio: number, random: () => number): Sampler {
  return {
    shouldSample: () => ({
      decision: random() < ratio ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    }),
    toString: () => `Share{${ratio}}`,
  };
}

function fail(span: Span, code: string): void {
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}
