/** Sums that dashboards show often, and that Prometheus would otherwise work out at every refresh. */
export const RECORDING_RULES = [
  {
    record: 'class:kms_leases:sum',
    expr: 'sum without (state) (kms_leases)',
  },
  {
    record: 'host_class:kms_activation_requests:rate1h',
    expr: 'sum without (result) (rate(kms_activation_requests_total[1h]))',
  },
  {
    record: 'host:kms_requests_failed:ratio_last_hour',
    expr: `sum without (class, result) (kms_requests_last_hour{result!="ok"})
/
sum without (class, result) (kms_requests_last_hour)`,
  },
] as const;
