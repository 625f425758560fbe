// The two questions that an orchestrator asks: is the process alive, and can it answer.

/** A probe's whole answer. */
export interface ProbeAnswer {
  readonly status: 200 | 503;
  readonly body: ProbeBody;
}

/** Named as the health answers of the Python services around Crawl4AI are. */
export interface ProbeBody {
  readonly status: 'healthy' | 'unhealthy';
  readonly response_time_ms: number;
  /** RFC 3339 in UTC. */
  readonly timestamp: string;
  readonly error: string | null;
}

/** The probes of one gateway. */
export interface Probes {
  /** 200 for as long as the process serves; asks nobody. */
  health(): Promise<ProbeAnswer>;
  /** 200 where the store can be read, or 503 and why. That it can be is remembered for a second. */
  ready(): Promise<ProbeAnswer>;
}

/** Milliseconds for which a store that could be read is not asked again: anybody may ask, and each look is paid for. */
const rememberMs = 1_000;

/** Makes the probes. `checkReady` answers null where all is well, or what is wrong; it must end by itself. */
export function createProbes(deps: {
  readonly checkReady: () => Promise<string | null>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}): Probes {
  let checking: Promise<string | null> | undefined;
  let wellUntilMs = Number.NEGATIVE_INFINITY;

  /** One check at a time, whoever asks: probes must not become a load of their own. */
  function check(): Promise<string | null> {
    if (deps.elapsed() < wellUntilMs) return Promise.resolve(null);
    checking ??= deps
      .checkReady()
      .then((error) => {
        if (error === null) wellUntilMs = deps.elapsed() + rememberMs;
        return error;
      })
      .finally(() => {
        checking = undefined;
      });
    return checking;
  }

  async function answer(question: () => Promise<string | null>): Promise<ProbeAnswer> {
    const startedAt = deps.elapsed();
    const error = await question();
    return {
      status: error === null ? 200 : 503,
      body: {
        status: error === null ? 'healthy' : 'unhealthy',
        response_time_ms: Math.round((deps.elapsed() - startedAt) * 1000) / 1000,
        timestamp: new Date(deps.now()).toISOString(),
        error,
      },
    };
  }

  return {
    health: () => answer(async () => null),
    ready: () => answer(check),
  };
}
