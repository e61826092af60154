package limits

import "testing"

// TestArithmetic saturates.
func TestArithmetic(t *testing.T) {
	for _, test := range []struct{ a, b, sum, product int }{
		{0, 0, 0, 0}, {2, 3, 5, 6}, {saturation, 0, saturation, 0}, {0, saturation, saturation, 0}, {saturation, 1, saturation, saturation},
		{saturation, saturation, saturation, saturation}, {1 << 30, 1 << 30, 1 << 31, saturation}, {saturation/3 + 1, 3, saturation/3 + 4, saturation},
	} {
		if sum, product := add(test.a, test.b), multiply(test.a, test.b); sum != test.sum || product != test.product {
			t.Errorf("%d and %d: sum %d, product %d", test.a, test.b, sum, product)
		}
	}
}
