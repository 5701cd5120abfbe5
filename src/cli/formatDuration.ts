/** `850 ms`, `1.5 s`, `2 min`. */
export const formatDuration = (millis: number): string =>
  millis < 1_000 ? `${millis} ms` : millis < 60_000 ? `${tenths(millis / 1_000)} s` : `${tenths(millis / 60_000)} min`

const tenths = (value: number): string => value.toFixed(1).replace(/\.0$/, "")
