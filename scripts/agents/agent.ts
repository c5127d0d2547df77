/** Where an agent plays a task, and what it is told about the gateway. */
export interface Place {
  /** An empty home directory and an empty work directory of its own. */
  readonly home: string;
  readonly work: string;
  /** The gateway's origin, without `/v1`. */
  readonly origin: string;
  readonly model: string;
  readonly prompt: string;
  /** A program of the agent's package. */
  bin(name: string): string;
}

/** How the agent is started. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Written before it starts; paths are relative to its home. */
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** A tool call in the agent's own words. */
export interface Call {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One way in which an agent speaks. */
export interface Way {
  /** As the table of results names it. */
  readonly protocol: string;
  readonly surfaces: readonly SurfaceName[];
  start(place: Place): Start;
}

/** `moonshot`: the K2 line, whose OpenAI face is spoken to; `moonshot-k3`: a model that both faces serve. */
export type SurfaceName = 'kimi-code' | 'moonshot' | 'moonshot-k3';

export interface Agent {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  /** Dependencies that cannot be had from the npm registry, and what stands in for them. */
  readonly overrides?: Readonly<Record<string, string>>;
  write(path: string, content: string): Call;
  run(command: string): Call;
  readonly ways: readonly Way[];
}
