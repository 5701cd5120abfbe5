/** Certificates, written in DER: neither Node nor every machine has a program for that. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { isIP } from "node:net"

const der = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
const sequence = (...parts: ReadonlyArray<Uint8Array>) => der(0x30, ...parts)
const object = (hex: string) => der(0x06, Buffer.from(hex, "hex"))
const time = (year: number) => der(0x18, Buffer.from(`${year}0101000000Z`))

const ecdsaWithSha256 = sequence(object("2a8648ce3d040302"))
const commonName = object("550403")
const alternativeNames = object("551d11")
const basicConstraints = object("551d13")

const nameOf = (text: string) => sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(text)))))

/** A certificate and its key, in PEM. */
export interface Certified {
  readonly cert: string
  readonly key: string
}

interface Signer {
  readonly name: Buffer
  readonly privateKey: KeyObject
}

const makeKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" })

const pemOf = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString()

const certificateOf = (
  subject: Buffer,
  publicKey: KeyObject,
  extensions: ReadonlyArray<Buffer>,
  { name, privateKey }: Signer,
  [from, until]: readonly [number, number] = [2020, 2120],
) => {
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = der(0x03, Buffer.from([0]), sign("sha256", signed, privateKey))
  const certificate = sequence(signed, ecdsaWithSha256, signature).toString("base64")
  // An empty line would end the head of the file, which it has not.
  return `-----BEGIN CERTIFICATE-----\n${certificate.replaceAll(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`
}

const standsFor = (names: ReadonlyArray<string>) => {
  const alternatives = names.map((one) =>
    isIP(one) === 4 ? der(0x87, Buffer.from(one.split(".").map(Number))) : der(0x82, Buffer.from(one)),
  )
  return sequence(alternativeNames, der(0x04, sequence(...alternatives)))
}

const maySign = sequence(basicConstraints, der(0x04, sequence(der(0x01, Buffer.from([0xff])))))

/** It signs itself, and stands for these names and addresses, between the beginnings of two years. */
export const selfSignedBetween = (from: number, until: number, ...names: ReadonlyArray<string>): Certified => {
  const { privateKey, publicKey } = makeKeys()
  const name = nameOf("a test of formae")
  const years = [from, until] as const
  return {
    cert: certificateOf(name, publicKey, [standsFor(names), maySign], { name, privateKey }, years),
    key: pemOf(privateKey),
  }
}

/** The same from 2020 to 2120. */
export const selfSigned = (...names: ReadonlyArray<string>): Certified => selfSignedBetween(2020, 2120, ...names)

/** Whoever signs the certificates of others. All have the same name, and each has its own key. */
export const makeAuthority = () => {
  const { privateKey, publicKey } = makeKeys()
  const name = nameOf("an authority of a test of formae")
  return {
    cert: certificateOf(name, publicKey, [maySign], { name, privateKey }),
    /** A certificate for these names and addresses. */
    certify: (...names: ReadonlyArray<string>): Certified => {
      const own = makeKeys()
      return {
        cert: certificateOf(nameOf("a test of formae"), own.publicKey, [standsFor(names)], { name, privateKey }),
        key: pemOf(own.privateKey),
      }
    },
  }
}
