//go:build !amd64

package kinds

// numberInX32: other processors have no second number for a call.
func numberInX32(uintptr) (uintptr, bool) { return 0, false }
