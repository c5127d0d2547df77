/** How a model lets its thinking be switched. */
type ThinkingSwitch =
  /** On by default, `disabled` works: kimi-k2.6. */
  | 'both'
  /** `disabled` is refused: kimi-k2.7-code. */
  | 'only'
  /** Documented as always on, but `disabled` was seen to answer 200 without reasoning: k3 (measured September 2026). */
  | 'tolerated'
  /** The models before thinking. */
  | 'none';

/** What the rules of a chat request need to know of a model. */
export interface ModelFacts {
  readonly id: string;
  readonly created: number;
  readonly contextLength: number;
  readonly defaultCap: number;
  readonly thinking: ThinkingSwitch;
  /** Empty where `reasoning_effort` is taken and has no effect. */
  readonly efforts: readonly string[];
  /** Default `fixed`. */
  readonly sampling?: 'fixed' | 'range';
  readonly image: boolean;
  readonly video: boolean;
  readonly dynamicTools: boolean;
  /** `k3` unlocks after a first top-up; `k2` is hidden from accounts registered since 2026-10-31. */
  readonly series: 'k3' | 'k2';
}
