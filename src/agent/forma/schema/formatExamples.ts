/** A text in each format of JSON Schema. */
import { short } from "./sentences.ts"

export const formatExamples: Readonly<Record<string, string>> = {
  date: "2030-01-31",
  "date-time": "2030-01-31T12:00:00Z",
  duration: "P1DT12H",
  email: "somebody@example.com",
  hostname: "www.example.com",
  "idn-email": "somebody@example.com",
  "idn-hostname": "www.example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  iri: "https://example.com/path",
  "iri-reference": "/path",
  "json-pointer": "/list/0",
  regex: "^[a-z]+$",
  "relative-json-pointer": "1/list",
  time: "12:00:00Z",
  uri: "https://example.com/path",
  "uri-reference": "/path",
  "uri-template": "https://example.com/{id}",
  uuid: "123e4567-e89b-12d3-a456-426614174000",
}

/** The end of a sentence about a text that is not in a format. */
export const inFormat = (format: string): string =>
  Object.hasOwn(formatExamples, format) ? `write it as in ${formatExamples[format]}` : `write a ${short(format)}`
