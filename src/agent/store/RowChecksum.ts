/**
 * The checksum of a row, so that a value that changed by itself is noticed: a
 * CRC-32 finds every flipped bit, and every burst of up to 32. It is no defense
 * against somebody who changes the file on purpose.
 */

export type Row = Readonly<Record<string, unknown>>

/** The column that has the checksum. */
export const checksumColumn = "checksum"

/** The remainders of all bytes by the polynomial of IEEE 802.3. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  return remainder
})

export const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff
  // By index: an iterator over so many bytes is slower.
  for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ (remainders[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}

const encoder = new TextEncoder()

/**
 * The checksum of the values of a row by their columns. A column that is null is
 * left out, so that a later version can add columns.
 */
export const checksumOf = (row: Row): string => {
  const values = Object.entries(row)
    .filter(([column, value]) => column !== checksumColumn && value !== null)
    .map(([column, value]) => [column, String(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return crc32(encoder.encode(JSON.stringify(values)))
    .toString(16)
    .padStart(8, "0")
}

/** Whether a row is not as it was written. A row without a checksum is of a version that wrote none. */
export const isDamaged = (row: Row): boolean =>
  row[checksumColumn] !== null && row[checksumColumn] !== undefined && row[checksumColumn] !== checksumOf(row)
