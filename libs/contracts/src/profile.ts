/** `competition`: the original's figures; `laptop`: sizes that two cores train in minutes. */
export const profiles = ['laptop', 'competition'] as const;
export type Profile = (typeof profiles)[number];
