package door

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"understudy/seed/lab"
)

// metrics are the figures at /metrics. Their labels hold no names of labs or people.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(labs *lab.Registry) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "understudy_request_duration_seconds", Help: "Time to answer a request, by half and status class.",
		}, []string{"half", "status"}),
	}
	open := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "understudy_open_labs", Help: "Labs that are open now."},
		func() float64 { return float64(labs.OpenCount()) })
	keys := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "understudy_signing_keys", Help: "Signing keys that are generated and not assigned to an application yet.",
	}, func() float64 { return float64(labs.KeysReady()) })
	m.registry.MustRegister(m.requests, open, keys)
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// measure serves a request and records how long that took.
func (m *metrics) measure(half string, w http.ResponseWriter, r *http.Request, next http.Handler) {
	began := time.Now()
	watched := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(watched, r)
	m.requests.WithLabelValues(half, strconv.Itoa(watched.status/100)+"xx").Observe(time.Since(began).Seconds())
}

// statusWriter records the status of a response.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
