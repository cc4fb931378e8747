/** The options of a page's route. */
export const PAGE = {};
