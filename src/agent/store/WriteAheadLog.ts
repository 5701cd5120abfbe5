/**
 * Whether the log beside a SQLite file can be one. SQLite takes a log with a
 * bad beginning for none, and so would lose what is only in it without a word.
 */

const headerLength = 32
const formatVersion = 3_007_000

/** The lowest bit of the magic number says in which order the checksum reads bytes. */
const magics = new Set([0x377f0682, 0x377f0683])

/** The sum over the header, as the file format has it: two sums, each fed by the other. */
const isSummed = (header: DataView): boolean => {
  const littleEndian = header.getUint32(0) === 0x377f0682
  let first = 0
  let second = 0
  for (let at = 0; at < 24; at += 8) {
    first = (first + header.getUint32(at, littleEndian) + second) >>> 0
    second = (second + header.getUint32(at + 4, littleEndian) + first) >>> 0
  }
  return header.getUint32(24) === first && header.getUint32(28) === second
}

/** False where it is certain that something else has been written over it. */
export const isWriteAheadLog = (bytes: Uint8Array): boolean => {
  // The header is on the disk before anything else is written: what has none holds nothing that was ever acknowledged.
  if (bytes.length < headerLength || bytes.every((byte) => byte === 0)) return true
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerLength)
  return magics.has(header.getUint32(0)) && header.getUint32(4) === formatVersion && isSummed(header)
}
