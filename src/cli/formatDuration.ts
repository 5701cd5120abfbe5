/** `850 ms`, `1.5 s`, `2 min`. */
export const formatDuration = (millis: number): string =>
  millis < 1_000 ? `${millis} ms` : millis < 60_000 ? `${tenths(millis / 1_000)} s` : `${tenths(millis / 60_000)} min`

const tenths = (value: number): string => value.toFixed(1).replace(/\.0$/, "")

/** `5 s`, `2 min 5 s`, `1 h 3 min`: a time that goes on, in whole seconds. */
export const formatElapsed = (millis: number): string => {
  const seconds = Math.max(Math.floor(millis / 1_000), 0)
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds} s`
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
