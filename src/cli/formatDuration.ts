/** `850 ms`, `1.5 s`, `2.0 min`. */
export const formatDuration = (millis: number): string =>
  millis < 1_000
    ? `${millis} ms`
    : millis < 60_000
      ? `${(millis / 1_000).toFixed(1)} s`
      : `${(millis / 60_000).toFixed(1)} min`
