/** Collects labels by their forma. A list that is copied for each label takes the square of them. */
import type { FoundResource } from "./ResourceNotFound.ts"

export const makeLabelLists = () => {
  const byForma = new Map<string, Array<string>>()
  return {
    add: ({ forma, label }: FoundResource): void => {
      const labels = byForma.get(forma)
      if (labels === undefined) byForma.set(forma, [label])
      else labels.push(label)
    },
    lists: () => [...byForma].map(([forma, labels]) => ({ forma, labels })),
  }
}
