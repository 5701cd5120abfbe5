/** What stands for what in a document. */
import * as Result from "effect/Result"
import type { DocumentInputs } from "./DocumentInputs.ts"
import type { TemplateLookup, TemplateValue } from "./fillTemplate.ts"
import type { LoadedDocument } from "./LoadedDocument.ts"
import { pathFrom } from "./partPath.ts"
import type { FileTexts } from "./readFiles.ts"
import { variableText } from "./variableText.ts"

/** The values for a document, whose files are relative to its folder. */
export const lookupIn =
  (
    { folder }: Pick<LoadedDocument, "folder">,
    inputs: Pick<DocumentInputs, "variable">,
    parameters: ReadonlyMap<string, TemplateValue>,
    files: FileTexts,
  ): TemplateLookup =>
  (placeholder) => {
    switch (placeholder._tag) {
      case "Param":
        return Result.fromNullishOr(
          parameters.get(placeholder.name),
          () => `the parameter ${placeholder.name} has no value`,
        )
      case "Env":
        return Result.map(variableText(inputs, placeholder), (value) => ({ value, isSecret: placeholder.isSecret }))
      case "File": {
        const path = pathFrom(folder, placeholder.path)
        const text = files.get(path) ?? Result.fail(`the file ${path} was not read`)
        return Result.map(text, (value) => ({ value, isSecret: false }))
      }
    }
  }
