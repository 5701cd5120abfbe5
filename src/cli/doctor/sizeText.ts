const mebibyte = 1024 * 1024

/** A size for people: `0.1 MiB`, `12 MiB`, `65 GiB`. */
export const sizeText = (bytes: number): string => {
  const count = bytes / mebibyte
  if (count >= 10 * 1024) return `${Math.round(count / 1024)} GiB`
  return `${count < 10 ? Math.max(Math.ceil(count * 10) / 10, 0.1) : Math.round(count)} MiB`
}
