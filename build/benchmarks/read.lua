-- wrk: GETs an address; prints one line "rate p50_ms p99_ms errors".
done = function(summary, latency)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("%.1f %.2f %.2f %d\n", (summary.requests - summary.errors.status) / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, bad))
end
