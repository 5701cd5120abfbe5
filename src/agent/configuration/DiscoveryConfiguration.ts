/** The part of a configuration that is about what a discovery looks for, for one plugin. */
import * as Schema from "effect/Schema"

/** Values by the name of a tag or of a property. A `*` in a value stands for any characters. */
const Values = Schema.Record(Schema.String, Schema.String).check(
  Schema.makeFilter((values) => Object.keys(values).length > 0, {
    expected: "at least one name of a tag or a property with its value, such as { team: web }",
  }),
)

const isTypeBeginning = /^\w+(::\w+){0,2}$/

/** What is discovered of a plugin. */
export class DiscoveryConfiguration extends Schema.Opaque<DiscoveryConfiguration>()(
  Schema.Struct({
    /** The types that are looked for if a command names none. `AWS::EC2` stands for all types that begin with it. All types by default. */
    types: Schema.optionalKey(
      Schema.NonEmptyArray(
        Schema.String.check(
          Schema.makeFilter((type) => isTypeBeginning.test(type), {
            expected: "a resource type such as AWS::EC2::VPC, or how types begin, such as AWS::EC2",
          }),
        ),
      ),
    ),
    /**
     * Only resources that have all of these values of tags or properties. A `*` stands
     * for any characters. For the same name, the `--query` of a command counts instead.
     */
    query: Schema.optionalKey(Values),
    /** Resources that are left out: those that fit one of these, such as `[{ team: infra }, { Name: "default*" }]`. */
    filters: Schema.optionalKey(Schema.NonEmptyArray(Values)),
  }),
) {}
