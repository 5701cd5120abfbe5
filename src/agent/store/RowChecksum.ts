/**
 * The checksum of a row, so that a value that changed by itself is noticed: a
 * CRC-32 finds every flipped bit, and every burst of up to 32. It is no defense
 * against somebody who changes the file on purpose.
 */
import { crc32 } from "node:zlib"

export type Row = Readonly<Record<string, unknown>>

/** The column that has the checksum. */
export const checksumColumn = "checksum"

/**
 * The checksum of the values of a row by their columns. A column that is null is
 * left out, so that a later version can add columns.
 */
export const checksumOf = (row: Row): string => {
  // In one loop: each step of an operation writes a row, and copies of it took as long as the rest.
  const values: Array<readonly [column: string, value: string]> = []
  for (const column of Object.keys(row).toSorted()) {
    const value = row[column]
    if (column !== checksumColumn && value !== null) values.push([column, String(value)])
  }
  return crc32(JSON.stringify(values)).toString(16).padStart(8, "0")
}

/** Whether a row is not as it was written. A row without a checksum is of a version that wrote none. */
export const isDamaged = (row: Row): boolean =>
  row[checksumColumn] !== null && row[checksumColumn] !== undefined && row[checksumColumn] !== checksumOf(row)
