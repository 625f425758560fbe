// What is traced of a request, without a word of how: OpenTelemetry is loaded only where traces are asked for.
import type { BatchFollow } from '../domain/follow.js';

/** Traces requests; disposing of it sends what is left. */
export interface Tracing extends AsyncDisposable {
  /** Begins the trace of a request, or goes on with the caller's (W3C Trace Context). */
  begin(headers: Readonly<Record<string, unknown>>): RequestTrace;
}

/** The trace of one request: request, operation, batches of its loaders, calls of the store. */
export interface RequestTrace {
  /** https://www.w3.org/TR/trace-context/#traceparent-header of the request's own span. */
  readonly traceparent: string;
  /** The operation is executed; the function ends it, with the codes of its errors. */
  operation(name: string | null, type: string): (codes: readonly string[]) => void;
  /** A loader asks for `keys` keys: its calls of the store belong to this batch. */
  batch(loader: string, keys: number): BatchFollow<string>;
  end(status: number): void;
}
