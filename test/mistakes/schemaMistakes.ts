/** Values that the schema of their type does not allow, by the keyword that says so. */
import { document, type Mistake, mistake } from "./Mistake.ts"
import type { ruleSchemas } from "./rules.ts"

/** A document in which the property has a value, as it is written in YAML. */
const rule = (name: keyof typeof ruleSchemas, written: string): string =>
  document(
    "resources:",
    "  - label: one",
    "    type: Rules::Of::Schema",
    "    target: rules",
    `    properties: { ${written.includes("◆") ? "" : "◆"}${name}: ${written} }`,
  ).replace("targets: {", "targets: { rules: { namespace: Rules },")

/** Where the schema itself says what is wrong, it is all that can be said, and the type says more. */
const example = '"formae types Rules::Of::Schema" shows what it takes, with an example'

export const schemaMistakes: ReadonlyArray<Mistake> = [
  mistake("a sentence of the schema", example, rule("allOf", "i-1")),
  mistake("a number for a text", "this is a number, so put it in quotes", rule("string", "7")),
  mistake(
    "a boolean for a text",
    "this is a boolean, so put it in quotes",
    rule("string", "yes").replace("yes", "true"),
  ),
  mistake("a list for a text", "this is a list, so write a text", rule("string", "[a]")),
  mistake("nothing for a text", "this is empty (null), so write a text", rule("string", "")),
  mistake("a number in quotes", "this is a string, so write a number, without quotes", rule("number", '"7"')),
  mistake(
    "decimals",
    "Expected an integer; this is a number, so write a number without decimals",
    rule("integer", "7.5"),
  ),
  mistake("a text for true or false", "so write true or false, without quotes", rule("list", "[◆yes]")),
  mistake("an object for a list", "this is an object, so write a list: [ ... ]", rule("list", "{ a: true }")),
  mistake("a text for an object", "so write its fields: { name: ... }", rule("structure", "a")),
  mistake("a text for null", "this is a string, so write null", rule("nil", "a")),
  mistake("none of several types", "Expected string | null; this is a number, so put it in quotes", rule("type", "7")),
  mistake("none of a list, and near to one", 'did you mean "Enabled"?', rule("enum", "enabled")),
  mistake("none of a list", 'Expected "Enabled" | "Suspended"; write one of these', rule("enum", "Off")),
  mistake("none of a long list", "48 | 49 | and 10 more; write one of these", rule("many", "77")),
  mistake("another value than the only one", 'Expected "on"; write that', rule("const", "paused")),
  mistake(
    "another object than the only one",
    "Expected an object that the schema gives; write that",
    rule("object", "{}"),
  ),
  mistake("another list than the only one", "Expected an array that the schema gives; write that", rule("array", "[]")),
  mistake("what no value is allowed for", "no value is allowed here; take it out", rule("none", "1")),
  mistake("a number that is too large", "or equal to 9; write a smaller one", rule("maximum", "10")),
  mistake("a number that is too small", "or equal to 2; write a larger one", rule("minimum", "1")),
  mistake("a number at its upper limit", "less than 9; write a smaller one", rule("exclusiveMaximum", "9")),
  mistake("a number at its lower limit", "greater than 1; write a larger one", rule("exclusiveMinimum", "1")),
  mistake("a number that is no multiple", "a multiple of 5; write one that is", rule("multipleOf", "7")),
  mistake("a text that is too long", "at most 5 characters; write a shorter one", rule("maxLength", "abcdef")),
  mistake("a text that is too short", "at least 3 characters; write a longer one", rule("minLength", "ab")),
  mistake("a text of another pattern", "the RegExp ^[a-z]+$; write one that matches it", rule("pattern", "A1")),
  mistake("too many items", "at most 2 items; take out what is too much", rule("maxItems", "[1, 2, 3]")),
  mistake("too few items", "at least 2 items; add what is missing", rule("minItems", "[1]")),
  mistake("an item twice", "take out what is there twice", rule("unique", "[1, 1]")),
  mistake("too many fields", "at most 1 field; take out what is too much", rule("maxProperties", "{ a: 1, b: 2 }")),
  mistake("too few fields", "at least 2 fields; add what is missing", rule("minProperties", "{ a: 1 }")),
  mistake(
    "an item too few of a kind",
    "at least 1 item of the kind that the schema says; add",
    rule("contains", "[b]"),
  ),
  mistake(
    "an item too many of a kind",
    "at most 1 item of the kind that the schema says; take",
    rule("contains", "[a, a]"),
  ),
  mistake("a field that is missing", 'write it here: region: "eu-west-1"', rule("required", "{}")),
  mistake(
    "a field that is missing, of a list",
    'write it here: mode: "a" (or "b", "c", "d", "e", and 2 more)',
    rule("required", "{}"),
  ),
  mistake("a list that is missing", "write it here: list: [ ... ]", rule("required", "{}")),
  mistake(
    "a field that another one needs",
    "is missing: user needs it; write it here: password: true (or false), or take user out",
    rule("dependent", "{ user: a }"),
  ),
  mistake("a field with a slip", "there is no such field; did you mean name?", rule("additional", "{ ◆nmae: a }")),
  mistake("a field where there are none", "there is no such field; take it out", rule("closed", "{ ◆a: 1 }")),
  mistake("an item where there are none", "there is no such item; take it out", rule("few", "[1, ◆2]")),
  mistake(
    "a name that is not allowed",
    "this name is not allowed: Expected a string matching",
    rule("names", "{ ◆A: 1 }"),
  ),
  mistake("fields of no form", "needs side, or radius and colour; add one of these", rule("anyOf", "{}")),
  mistake(
    "fields of two forms",
    "2 of the forms fit; take out what belongs to the others",
    rule("oneOf", "{ a: 1, b: 1 }"),
  ),
  mistake("a value that is excluded", "the schema excludes this one; write another one", rule("not", "root")),
]
