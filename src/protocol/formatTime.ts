/** A time in milliseconds since 1970 as a text. Not every number is a time. */
export const formatTime = (millis: number): string => {
  const date = new Date(millis)
  return Number.isNaN(date.getTime()) ? "an unknown time" : date.toISOString()
}
