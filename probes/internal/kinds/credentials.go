package kinds

import "cofferdam/probes/internal/proc"

// credentials reads a process's status. The container's first process is asked by default, not this one: one that an agent
// started in the container later may show other values (Kata's NoNewPrivs).
func credentials(request Request) (any, error) {
	return proc.Status(request.PID.Or(firstProcess()))
}
