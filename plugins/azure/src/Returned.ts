/** Properties as a service returned them. */
import type { Properties } from "formae/protocol"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"

type Json = Properties[string]

/** Leaves out what the service did not return: a property that is absent is not the same as one that is null. */
export const returned = (properties: Record<string, Json | undefined>): { readonly [name: string]: Json } =>
  Record.filter(properties, Predicate.isNotUndefined)

/** The SDKs put a shared access signature behind each URL, where there is one. */
export const publicUrl = (url: string): string => url.replace(/\?.*$/s, "")
