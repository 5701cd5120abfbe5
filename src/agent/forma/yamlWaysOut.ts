/** What to do about a mistake that the YAML parser finds, by the code that it has for it. */
import type { ErrorCode } from "yaml"

const quotes = "put quotes around a text that begins with such a character"

const waysOut: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "write the alias by itself",
  BAD_ALIAS: "put quotes around a text that begins with * or &",
  BAD_COLLECTION_TYPE: "take the tag out",
  BAD_DIRECTIVE: quotes,
  BAD_DQ_ESCAPE: "write \\\\ for a \\, or use single quotes",
  BAD_INDENT: "indent it further than the line that it belongs to, or close what is open before it",
  BAD_PROP_ORDER: "write the anchor right before its value",
  BAD_SCALAR_START: quotes,
  BLOCK_AS_IMPLICIT_KEY:
    "put quotes around a text with a colon in it, or write what is inside in lines of its own, further in",
  BLOCK_IN_FLOW: "inside of { } and [ ], write lists as [a, b] and maps as { a: 1 }",
  DUPLICATE_KEY: "take one of the two out",
  IMPOSSIBLE: "write it in another way",
  KEY_OVER_1024_CHARS: "write a shorter key",
  MISSING_CHAR: "look for what is not closed or has no colon, here and in the lines above",
  MULTILINE_IMPLICIT_KEY: "write the key in one line, and a colon behind it",
  MULTIPLE_ANCHORS: "keep one of the anchors",
  MULTIPLE_DOCS: "put it into a file of its own",
  MULTIPLE_TAGS: "take the tags out",
  NON_STRING_KEY: "put quotes around the key",
  RESOURCE_EXHAUSTION: "repeat less of it",
  TAB_AS_INDENT: "indent with spaces",
  TAG_RESOLVE_FAILED:
    'there are no tags here: write { $ref: label.Property } for a value of another resource, and { $text: "...${label.Property}..." } for a text with values in it',
  UNEXPECTED_TOKEN: "look for what is not closed or not in line, here and in the line above",
}

/** The end of a sentence about what the parser has found. */
export const yamlWayOut = (code: ErrorCode): string => waysOut[code]
