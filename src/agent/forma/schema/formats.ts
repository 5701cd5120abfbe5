/**
 * The formats of JSON Schema. They are annotations, so a text that is not in its
 * format is doubtful, and not wrong. Each takes a time that grows with the text.
 */
import { patternProblem } from "./re2Pattern.ts"

type Format = (text: string) => boolean

const matching =
  (pattern: RegExp): Format =>
  (text) =>
    pattern.test(text)

const isDate: Format = (text) => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined) return false
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day >= 1 && day <= last
}

/** A leap second is the last one of a day in UTC. */
const isTime: Format = (text) => {
  const found = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[zZ]|([+-])(\d\d):(\d\d))$/.exec(text)
  if (found === null) return false
  const [hour = 0, minute = 0, second = 0] = found.slice(1, 4).map(Number)
  const [hours = 0, minutes = 0] = found.slice(5).map((part) => Number(part ?? 0))
  if (hour > 23 || minute > 59 || second > 60 || hours > 23 || minutes > 59) return false
  const utc = hour * 60 + minute - (found[4] === "-" ? -1 : 1) * (hours * 60 + minutes)
  return second < 60 || (utc + 1440) % 1440 === 1439
}

const isDateTime: Format = (text) => /^.{10}[tT]/.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11))

const byte = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
const ipv4 = `${byte}(?:\\.${byte}){3}`
const isIpv6: Format = (text) =>
  /^[\da-fA-F:.]+$/.test(text) && text.includes(":") && hasIpv4AtEnd(text) && URL.canParse(`http://[${text}]/`)
/** In a URL, the parts of the address at the end may have zeros before them. */
const hasIpv4AtEnd: Format = (text) => !text.includes(".") || new RegExp(`:${ipv4}$`).test(text)

const isHostname: Format = (text) =>
  text.length <= 253 &&
  text.split(".").every((label) => /^[a-zA-Z\d](?:[a-zA-Z\d-]{0,61}[a-zA-Z\d])?$/.test(label) && isLabel(label))
/** `--` at the third place says that the label is encoded, which only `xn--` is. */
const isLabel: Format = (label) =>
  !/^..--/.test(label) || (/^xn--/i.test(label) && URL.canParse(`http://${label}/`) && label.length > 4)

const isIdnHostname: Format = (text) => {
  const labels = text.split(/[.\u3002\uff0e\uff61]/)
  return (
    labels.every(
      (label) =>
        label !== "" && !/^-|-$|^..--(?<!^xn--)|[\s/?#@:[\]\\%_!$&'()*+,;=~"<>^`{|}\p{M}]{2}|^\p{M}/iu.test(label),
    ) &&
    !/[\s/?#@:[\]\\%]/.test(text) &&
    URL.canParse(`http://${text}/`) &&
    isHostname(new URL(`http://${text}/`).hostname)
  )
}

const word = '[^\\s\\x00-\\x1f\\x7f"(),.:;<>@[\\\\\\]]'
const quoted = '"(?:[^"\\\\\\r\\n]|\\\\[^\\r\\n])*"'
const emailWith =
  (atom: string, isDomain: Format): Format =>
  (text) => {
    const at = text.lastIndexOf("@")
    const domain = text.slice(at + 1)
    const literal = /^\[(?:IPv6:)?([^\]]*)\]$/i.exec(domain)?.[1]
    const isAddress =
      literal !== undefined && (/^\[IPv6:/i.test(domain) ? isIpv6(literal) : new RegExp(`^${ipv4}$`).test(literal))
    return (
      at > 0 &&
      new RegExp(`^(?:${atom}+(?:\\.${atom}+)*|${quoted})$`, "u").test(text.slice(0, at)) &&
      (isAddress || isDomain(domain))
    )
  }

/** The characters of a URI, with those of other scripts or without. */
const uriWith = (more: string, needsScheme: boolean): Format => {
  const part = `(?:[\\w.~!$&'()*+,;=:@/${more}-]|%[\\da-fA-F]{2})*`
  const host = `(?:\\[[\\da-fA-F:.]+\\]|\\[[vV][\\da-fA-F]+\\.[\\w.~!$&'()*+,;=:-]+\\]|(?:[\\w.~!$&'()*+,;=${more}-]|%[\\da-fA-F]{2})*)`
  const user = `(?:(?:[\\w.~!$&'()*+,;=:${more}-]|%[\\da-fA-F]{2})*@)?`
  const authority = `//${user}${host}(?::\\d*)?(?=[/?#]|$)`
  const scheme = "[a-zA-Z][a-zA-Z\\d+.-]*:"
  const start = needsScheme ? scheme : `(?:${scheme}|(?![^/?#]*:))`
  const all = new RegExp(
    `^${start}(?:${authority}|(?!//))${part}(?:\\?${part.replace("/", "/?")})?(?:#${part.replace("/", "/?")})?$`,
    "u",
  )
  return (text) => {
    const address = /^[^/?#]*\/\/(?:[^/?#@]*@)?\[([^\]vV]*)\]/.exec(text)?.[1]
    return all.test(text) && (address === undefined || isIpv6(address))
  }
}

const other = "\\u{a0}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{ffef}\\u{10000}-\\u{10fffd}"
const pointer = "(?:/(?:[^~/]|~[01])*)*"
const variable = "(?:\\w|%[\\da-fA-F]{2})+(?:\\.(?:\\w|%[\\da-fA-F]{2})+)*(?::[1-9]\\d{0,3}|\\*)?"

const formats: ReadonlyMap<string, Format> = new Map(
  Object.entries({
    date: isDate,
    "date-time": isDateTime,
    duration: matching(
      /^P(?:\d+W|(?=\d|T)(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)$/,
    ),
    email: emailWith(`(?:(?![^\\x00-\\x7f])${word})`, isHostname),
    hostname: isHostname,
    "idn-email": emailWith(word, isIdnHostname),
    "idn-hostname": isIdnHostname,
    ipv4: matching(new RegExp(`^${ipv4}$`)),
    ipv6: isIpv6,
    iri: uriWith(other, true),
    "iri-reference": uriWith(other, false),
    "json-pointer": matching(new RegExp(`^${pointer}$`)),
    regex: (text: string) => patternProblem(text) === undefined,
    "relative-json-pointer": matching(new RegExp(`^(?:0|[1-9]\\d*)(?:#|${pointer})$`)),
    time: isTime,
    uri: uriWith("", true),
    "uri-reference": uriWith("", false),
    "uri-template": matching(
      new RegExp(
        `^(?:[^\\x00-\\x20\\x7f"<>%\\\\^\`{|}]|%[\\da-fA-F]{2}|\\{[+#./;?&]?${variable}(?:,${variable})*\\})*$`,
        "u",
      ),
    ),
    uuid: matching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i),
  }),
)

/** Those that are known. */
export const formatNames: ReadonlyArray<string> = [...formats.keys()]

/** A longer text is not looked at. */
const longest = 10_000

/** Whether a text is in a format. One that is not known has every text. */
export const isInFormat = (text: string, format: string): boolean =>
  text.length > longest || (formats.get(format)?.(text) ?? true)
