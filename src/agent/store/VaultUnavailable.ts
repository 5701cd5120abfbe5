import * as Schema from "effect/Schema"

/** The key of the vault is missing, wrong or cannot be made, or what was locked is damaged. */
export class VaultUnavailable extends Schema.TaggedError<VaultUnavailable>("formae/agent/store/VaultUnavailable")(
  "VaultUnavailable",
  {
    /** What is wrong with the key or the secret, in words. */
    reason: Schema.String,
    /** What the user can do about it, as a sentence. */
    remedy: Schema.optionalKey(Schema.String),
  },
) {
  override get message(): string {
    return `The secrets of the journal cannot be used: ${this.reason}. ${this.remedy ?? "Restore the key, or apply the document again: it has the secrets"}`
  }
}
