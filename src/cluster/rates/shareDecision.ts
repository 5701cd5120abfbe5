/**
 * Which part of the rate limit of a namespace each runner may use: pure decisions
 * over the shares of all of them. A runner that has less than its due takes only
 * what nobody has, and one that has more keeps it until it is known to use no
 * more. So the parts of all are never more than the whole.
 */

/** The whole of a limit, in parts. Up to 16 runners divide it evenly. */
export const whole = 720_720

/** What one start of a runner may use. */
export interface Share {
  /** Of this start: what one before had under the same name is another share. */
  readonly id: string
  /** The name of the runner. */
  readonly runner: string
  readonly parts: number
  /** When it is free again, unless it is renewed: by the clock of the database. */
  readonly endsAt: number
}

export interface ShareDecision {
  /** What all have now. */
  readonly shares: ReadonlyArray<Share>
  /** What this runner may use from now on. */
  readonly parts: number
  /** What it is due. Where that is less than its parts, the others wait until it uses no more. */
  readonly due: number
}

const partsOf = (shares: ReadonlyArray<Share>): number => shares.reduce((sum, { parts }) => sum + parts, 0)

/** Renews the share of a runner, or begins one. Shares whose time is over are nobody's. */
export const renewShare = (
  shares: ReadonlyArray<Share>,
  { id, runner }: Pick<Share, "id" | "runner">,
  now: number,
  termMillis: number,
): ShareDecision => {
  const live = shares.filter(({ endsAt }) => endsAt > now)
  const others = live.filter((one) => one.id !== id)
  const held = live.find((one) => one.id === id)?.parts ?? 0
  const due = Math.floor(whole / (others.length + 1))
  const parts = Math.max(held, Math.min(due, whole - partsOf(others)))
  return { shares: [...others, { id, runner, parts, endsAt: now + termMillis }], parts, due }
}

/** For a runner that is known to use no more than these parts. */
export const lowerShare = (shares: ReadonlyArray<Share>, id: string, parts: number): ReadonlyArray<Share> =>
  shares.map((one) => (one.id === id ? { ...one, parts: Math.min(one.parts, parts) } : one))

/** For a runner whose plugins have ended. */
export const endShare = (shares: ReadonlyArray<Share>, id: string): ReadonlyArray<Share> =>
  shares.filter((one) => one.id !== id)
