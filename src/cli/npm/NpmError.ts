/** What npm says when it fails. Pure. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { cutText } from "../../protocol/cutText.ts"

export interface NpmError {
  /** As npm and Node name it, such as `E404`. Empty where npm says none. */
  readonly code: string
  readonly summary: string
}

const Said = Schema.Struct({
  error: Schema.Struct({ code: Schema.optionalKey(Schema.NullOr(Schema.String)), summary: Schema.String }),
})

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Said))

const maxCharacters = 500

/** A name and a password, or a token, in an address. */
const withoutPasswords = (text: string): string => text.replaceAll(/(\w:\/\/)[^\s/@]+@/g, "$1")

/** `printed` is what `npm --json` has printed, and `last` are the last lines of its stderr. */
export const readNpmError = (printed: string, last: ReadonlyArray<string>): NpmError => {
  const { code, summary } = Option.match(decode(printed), {
    onNone: () => ({ code: "", summary: last.at(-1) ?? "it said nothing" }),
    onSome: ({ error }) => ({ code: error.code ?? "", summary: error.summary }),
  })
  return { code, summary: cutText(withoutPasswords(summary.trim()), maxCharacters) }
}

const network: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTCACHED",
  "ENOTFOUND",
  "ERR_SOCKET_TIMEOUT",
  "ETIMEDOUT",
])

export const isNetworkError = ({ code }: NpmError): boolean => network.has(code)
