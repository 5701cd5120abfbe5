/** Canonical forms that plugins have given, for a plan that is made without asking anyone. */
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"

/** Properties whose canonical form a plan needs. */
export interface WantedForm {
  readonly capabilities: TypeCapabilities
  readonly properties: Properties
}

const keyOf = ({ capabilities, properties }: WantedForm): string => `${capabilities.type} ${canonicalJson(properties)}`

/** The forms that are known, and those that a plan has looked for and not found. */
export interface KnownForms {
  /** The canonical form. Where it is not known yet, the properties themselves, which are then in `missing`. */
  readonly of: (capabilities: TypeCapabilities, properties: Properties) => Properties
  readonly missing: () => ReadonlyArray<WantedForm>
  /** The same forms and more, with nothing missing. */
  readonly with: (more: ReadonlyArray<WantedForm & { readonly form: Properties }>) => KnownForms
}

const makeForms = (known: ReadonlyMap<string, Properties>): KnownForms => {
  const missing = new Map<string, WantedForm>()
  return {
    of: (capabilities, properties) => {
      if (capabilities.canonicalizes !== true) return properties
      const wanted = { capabilities, properties }
      const key = keyOf(wanted)
      const form = known.get(key)
      if (form === undefined) missing.set(key, wanted)
      return form ?? properties
    },
    missing: () => [...missing.values()],
    with: (more) => makeForms(new Map([...known, ...more.map((one) => [keyOf(one), one.form] as const)])),
  }
}

/** No forms are known. */
export const noForms = (): KnownForms => makeForms(new Map())
