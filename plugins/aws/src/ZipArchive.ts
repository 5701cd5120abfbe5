/** A ZIP archive of one file, stored uncompressed. The same text gives the same archive at any time. */
import { crc32 } from "node:zlib"

/** The earliest time that the format can express, as its two numbers: midnight on 1 January 1980. */
const time = 0
const date = (1 << 5) | 1
const unixRegularFile = 0o100644 * 2 ** 16
const version = 20
const madeOnUnix = (3 << 8) | version
const utf8Names = 1 << 11

export const zipOf = (fileName: string, text: string): Uint8Array => {
  const name = Buffer.from(fileName)
  const content = Buffer.from(text)
  // The part that the file's header and its directory entry have in common.
  const common = Buffer.alloc(26)
  common.writeUInt16LE(version, 0)
  common.writeUInt16LE(utf8Names, 2)
  common.writeUInt16LE(0, 4)
  common.writeUInt16LE(time, 6)
  common.writeUInt16LE(date, 8)
  common.writeUInt32LE(crc32(content), 10)
  common.writeUInt32LE(content.length, 14)
  common.writeUInt32LE(content.length, 18)
  common.writeUInt16LE(name.length, 22)

  const header = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, name])
  const attributes = Buffer.alloc(14)
  attributes.writeUInt32LE(unixRegularFile, 6)
  const maker = Buffer.alloc(2)
  maker.writeUInt16LE(madeOnUnix)
  const entry = Buffer.concat([Buffer.from("PK\u0001\u0002"), maker, common, attributes, name])

  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(entry.length, 8)
  end.writeUInt32LE(header.length + content.length, 12)
  return Buffer.concat([header, content, entry, Buffer.from("PK\u0005\u0006"), end])
}
