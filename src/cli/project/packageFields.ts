/** What package.json says that is of interest here. Pure. */
import * as Schema from "effect/Schema"

const Versions = Schema.Record(Schema.String, Schema.Unknown)

/** The fields of package.json that say which plugins there are. */
export const PackageFields = Schema.Struct({
  dependencies: Schema.optionalKey(Versions),
  devDependencies: Schema.optionalKey(Versions),
  optionalDependencies: Schema.optionalKey(Versions),
  /** `{ "plugin": "./formae-plugin.json" }` makes a package a plugin: the path of its manifest in it. */
  formae: Schema.optionalKey(Schema.Unknown),
})
export type PackageFields = typeof PackageFields.Type

/** The names of the packages that a project depends on itself, in the order of the alphabet. */
export const directDependencies = ({
  dependencies = {},
  devDependencies = {},
  optionalDependencies = {},
}: PackageFields): ReadonlyArray<string> =>
  [
    ...new Set([dependencies, devDependencies, optionalDependencies].flatMap((versions) => Object.keys(versions))),
  ].toSorted()

/** Whether a package runs code of other packages, as far as it says so. */
export const hasDependencies = ({ dependencies = {}, optionalDependencies = {} }: PackageFields): boolean =>
  Object.keys(dependencies).length + Object.keys(optionalDependencies).length > 0

const PluginField = Schema.Struct({ plugin: Schema.NonEmptyString })

const isPlugin = Schema.is(PluginField)

/** The path of the manifest in a package that is a plugin. */
export const manifestIn = ({ formae }: PackageFields): string | undefined =>
  isPlugin(formae) ? formae.plugin : undefined
