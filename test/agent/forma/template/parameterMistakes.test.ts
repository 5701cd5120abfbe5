import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { documentOf, mistakesIn } from "./template.ts"

const mistakes: ReadonlyArray<readonly [what: string, text: string, mistakes: ReadonlyArray<string>]> = [
  [
    "parameters that are a list",
    documentOf("{}", "parameters: [a]"),
    ["6:1 parameters: expected parameters by name, such as replicas: { type: integer }"],
  ],
  [
    "unknown and missing fields, in several parameters",
    documentOf("{}", "parameters:", "  a: { default: 1 }", "  b: { type: string, size: 1 }"),
    [
      "7:3 parameters.a.type: is missing; write it here: type: string (or number, integer, boolean, list, object)",
      "8:22 parameters.b.size: there is no such field; the fields are: type, description, default, allowed, pattern, min, max, secret",
    ],
  ],
  [
    "names that differ in capitals only",
    documentOf("{}", "parameters:", "  db-name: { type: string }", "  DB_Name: { type: string }"),
    [
      "8:3 parameters.DB_Name: the name differs from db-name only in capitals, or in dashes and underscores; give it another one",
    ],
  ],
  [
    "a name that is none",
    documentOf("{}", "parameters: { a.b: { type: string } }"),
    [
      "6:15 parameters.a.b: the name of a parameter is at most 100 letters, digits, dashes and underscores, and does not begin with a digit or a dash, such as web-1",
    ],
  ],
  [
    "a default of another type, and one that is not allowed",
    documentOf(
      "{}",
      "parameters:",
      "  a: { type: integer, default: many }",
      "  b: { type: string, allowed: [x, y], default: z }",
      "  c: { type: string, allowed: [1] }",
    ),
    [
      "7:23 parameters.a.default: the value is not an integer, such as 3",
      "8:39 parameters.b.default: the value is none of those that are allowed: x, y; write one of these",
      "9:32 parameters.c.allowed[0]: the value is not a string; put it in quotes if it looks like something else",
    ],
  ],
  [
    "rules that do not fit the type",
    documentOf(
      "{}",
      "parameters:",
      "  a: { type: integer, pattern: x }",
      "  b: { type: string, pattern: '(' }",
      "  c: { type: integer, min: 3, max: 2 }",
      "  d: { type: boolean, min: 3 }",
    ),
    [
      "7:23 parameters.a.pattern: a value of the type integer has no pattern; take it out, or make the type string",
      "8:22 parameters.b.pattern: it is not a regular expression that can be run in linear time; write it without references back and without looking ahead or behind",
      "9:31 parameters.c.max: it is less than min; write the larger of the two here",
      "10:23 parameters.d.min: a value of the type boolean has no least value; take min out",
    ],
  ],
  [
    "a parameter that there is not",
    documentOf("{ A: { $param: replcas } }", "parameters: { replicas: { type: integer } }"),
    ["5:17 resources[0].properties.A: the document has no parameter replcas; did you mean replicas?"],
  ],
  [
    "a parameter in a document that has none",
    documentOf('{ A: { $text: "${param.x}" } }'),
    ["5:22 resources[0].properties.A.$text: the document has no parameter x; there are no parameters"],
  ],
  [
    "forms that cannot be read, all at once",
    documentOf(
      '{ A: { $param: 1 }, B: { $env: "a b" }, C: { $file: "" }, D: { $param: a, b: 1 }, E: { $env: A, default: 1 }, F: { $env: A, secret: 1 }, G: { $text: "${param.a.b}${env.a-b}" } }',
    ),
    [
      "5:17 resources[0].properties.A: expected the name of a parameter, such as { $param: replicas }",
      "5:35 resources[0].properties.B: expected the name of an environment variable, such as { $env: HOME }",
      "5:55 resources[0].properties.C: expected the path of a file, such as { $file: ./policy.json }",
      "5:73 resources[0].properties.D: $param has no other key beside it, and this has b; take that out",
      "5:97 resources[0].properties.E: the default of a variable is a string; put it in quotes",
      "5:125 resources[0].properties.F: expected secret: true or secret: false; write one of the two",
      "5:157 resources[0].properties.G.$text: expected ${param.NAME}: a value in a text has no parts; refer to the whole of it",
      "5:157 resources[0].properties.G.$text: expected the name of an environment variable, such as ${env.HOME}",
    ],
  ],
  [
    "an object in a text",
    documentOf('{ A: { $text: "${param.o}" } }', "parameters: { o: { type: object, default: {} } }"),
    [
      "5:22 resources[0].properties.A.$text: only a string, a number, true or false can be put into a text; put this in by itself, or a value that is inside it",
    ],
  ],
  [
    "variables that are not set, and a file where there is no folder",
    documentOf('{ A: { $env: HERE }, B: { $text: "${env.THERE}" }, C: { $file: a.txt } }'),
    [
      '5:17 resources[0].properties.A: the environment has no variable HERE; set it, or give it a default: { $env: HERE, default: "..." }',
      '5:41 resources[0].properties.B.$text: the environment has no variable THERE; set it, or give it a default: { $env: THERE, default: "..." }',
      "5:66 resources[0].properties.C: a document that has no folder cannot have files put into it; give it as a file",
    ],
  ],
]

describe("a mistake in a document with parameters is reported with its place", () => {
  it.effect.each(mistakes)("%s", ([, text, says]) =>
    Effect.gen(function* () {
      assert.deepEqual(yield* mistakesIn(text), says)
    }),
  )
})

it.effect("a default that is another placeholder is refused with what may stand there", () =>
  Effect.gen(function* () {
    const [found] = yield* mistakesIn(documentOf("{}", "parameters: { p: { type: string, default: { $file: ./x } } }"))
    assert.include(found, "only { $env: NAME } may be a default")
  }),
)
