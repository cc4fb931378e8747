/** The agents that Prometheus scrapes, by the name of their job or, whatever that is, by what they said within a week. */
export const AGENTS = `up{job=~".*kmswatch.*"}
  or
  up and on (job, site, instance) last_over_time(kmswatch_build_info[7d])`;

/** The same of sites within a day, whether they still send anything or not; by the name alone: a day of all targets is much. */
export const LAST_KNOWN_AGENTS = 'last_over_time(up{job=~".*kmswatch.*", site!=""}[1d])';
