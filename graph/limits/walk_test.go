package limits

import (
	"fmt"
	"testing"
)

func TestArithmeticSaturates(t *testing.T) {
	for _, test := range []struct{ a, b, sum, product int }{
		{0, 0, 0, 0},
		{2, 3, 5, 6},
		{saturation, 0, saturation, 0},
		{0, saturation, saturation, 0},
		{saturation, 1, saturation, saturation},
		{saturation, saturation, saturation, saturation},
		{1 << 30, 1 << 30, 1 << 31, saturation},
		{saturation / 3, 3, saturation/3 + 3, saturation / 3 * 3},
		{saturation/3 + 1, 3, saturation/3 + 4, saturation},
	} {
		t.Run(fmt.Sprint(test.a, " and ", test.b), func(t *testing.T) {
			if sum, product := add(test.a, test.b), multiply(test.a, test.b); sum != test.sum || product != test.product {
				t.Errorf("sum %d, product %d; want %d and %d", sum, product, test.sum, test.product)
			}
		})
	}
}
