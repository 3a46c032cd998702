/** `competition`: the original's figures; `laptop`: sizes that two cores train in minutes. */
export const profiles = ['laptop', 'competition'] as const;
/** One of {@link profiles}. */
export type Profile = (typeof profiles)[number];
