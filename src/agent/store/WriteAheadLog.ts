/**
 * Whether the log next to a SQLite file can be a log. SQLite ignores a log
 * with a bad header, and so would silently lose what is only in the log.
 */

const headerLength = 32
const formatVersion = 3_007_000

/** The lowest bit of the magic number is the byte order of the checksum. */
const magics = new Set([0x377f0682, 0x377f0683])

/** Computes the checksum of the header as the file format defines it: two sums, each fed by the other. */
const hasValidChecksum = (header: DataView): boolean => {
  const littleEndian = header.getUint32(0) === 0x377f0682
  let first = 0
  let second = 0
  for (let at = 0; at < 24; at += 8) {
    first = (first + header.getUint32(at, littleEndian) + second) >>> 0
    second = (second + header.getUint32(at + 4, littleEndian) + first) >>> 0
  }
  return header.getUint32(24) === first && header.getUint32(28) === second
}

/** False where the log was certainly overwritten by something else. */
export const isWriteAheadLog = (bytes: Uint8Array): boolean => {
  // The header is on the disk before anything else: a log without one holds nothing that was ever acknowledged.
  if (bytes.length < headerLength || bytes.every((byte) => byte === 0)) return true
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerLength)
  return magics.has(header.getUint32(0)) && header.getUint32(4) === formatVersion && hasValidChecksum(header)
}
